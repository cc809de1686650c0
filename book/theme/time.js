// Plays the terminal recordings: swaps a screen's text for that of a frame.
// Nothing moves before somebody asks for it.
(() => {
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    for (const figure of document.querySelectorAll("figure.terminal")) {
        const screen = figure.querySelector(".screen samp");
        const frames = [...figure.querySelectorAll(".frames li")].map((li) => ({
            ms: Number(li.dataset.ms),
            text: li.textContent,
        }));
        const last = frames.length - 1;
        const player = document.createElement("div");
        const button = document.createElement("button");
        const range = document.createElement("input");
        const clock = document.createElement("output");
        player.className = "player";
        button.type = "button";
        range.type = "range";
        range.max = last;
        range.value = last;
        range.setAttribute("aria-label", "Frame");
        player.append(button, range, clock);
        figure.querySelector("figcaption").before(player);

        let timer = 0;
        const show = (i) => {
            screen.textContent = frames[i].text;
            range.value = i;
            clock.textContent = `${(frames[i].ms / 1000).toFixed(1)} s`;
            range.setAttribute("aria-valuetext",
                `${clock.textContent}, frame ${i + 1} of ${last + 1}`);
        };
        const label = () => {
            button.textContent =
                timer ? "Pause" : still.matches ? "Next frame" : "Play";
        };
        const stop = () => {
            clearTimeout(timer);
            timer = 0;
            label();
        };
        const play = () => {
            const i = Number(range.value);
            if (i >= last) return stop();
            timer = setTimeout(() => {
                show(i + 1);
                play();
            }, frames[i + 1].ms - frames[i].ms);
        };
        button.addEventListener("click", () => {
            if (timer) return stop();
            const i = Number(range.value);
            const next = still.matches ? i + 1 : i;
            show(i >= last ? 0 : next);
            if (!still.matches) play();
            label();
        });
        range.addEventListener("input", () => {
            stop();
            show(Number(range.value));
        });
        still.addEventListener("change", stop);
        show(last);
        label();
    }
})();
