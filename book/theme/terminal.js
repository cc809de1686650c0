// Plays the terminal recordings. Nothing moves before the reader asks for it.
for (const figure of document.querySelectorAll("figure.terminal")) {
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    const screen = figure.querySelector(".screen samp");
    const frames = [...figure.querySelectorAll(".frames li")];
    const last = frames.length - 1;
    const time = (i) => Number(frames[i].dataset.ms);
    const add = (name, values) =>
        player.appendChild(Object.assign(document.createElement(name), values));

    const player = document.createElement("div");
    player.className = "player";
    const button = add("button", { type: "button" });
    const range = add("input", { type: "range", max: last, value: last });
    const clock = add("output");
    range.setAttribute("aria-label", "Frame");
    figure.querySelector("figcaption").before(player);

    let timer = 0;
    const show = (i) => {
        screen.textContent = frames[i].textContent;
        range.value = i;
        clock.value = `${(time(i) / 1000).toFixed(1)} s`;
        range.setAttribute("aria-valuetext",
            `${clock.value}, frame ${i + 1} of ${last + 1}`);
    };
    const stop = () => {
        clearTimeout(timer);
        timer = 0;
        button.textContent = still.matches ? "Next frame" : "Play";
    };
    const play = (i) => {
        show(i);
        if (i == last) return stop();
        button.textContent = "Pause";
        timer = setTimeout(play, time(i + 1) - time(i), i + 1);
    };
    button.onclick = () => {
        if (timer) return stop();
        const i = range.value % last;
        if (still.matches) show(range.value < last ? i + 1 : 0);
        else play(i);
    };
    range.oninput = () => {
        stop();
        show(range.valueAsNumber);
    };
    still.onchange = stop;
    show(last);
    stop();
}
