// Steps through recorded schedules. Without it they are tables, and so they are
// on paper.
(() => {
    const ADDRESS = /^#(.+):(\d+)\.(\d+)$/;

    const steppers = [...document.querySelectorAll(".schedules")].map((figure) => {
        const find = (selector) => figure.querySelector(selector);
        const [select, slider] = [find("select"), find("[type=range]")];
        const orders = [...figure.querySelectorAll(".order")];
        const buttons = figure.querySelectorAll(".controls button");

        const show = (number, step) => {
            const order = orders[number - 1] ?? orders[0];
            const rows = [...order.querySelectorAll("tbody tr")];
            const last = rows.length - 1;
            step = Math.min(step, last);
            orders.forEach((other) => {
                other.open = other === order;
                other.hidden = other !== order;
            });
            figure.querySelectorAll(".program").forEach((program) => {
                program.hidden = !program.contains(order);
            });
            select.value = order.dataset.order;
            slider.max = last;
            slider.value = step;
            slider.setAttribute("aria-valuetext", `${step} of ${last}`);
            buttons[0].disabled = step === 0;
            buttons[1].disabled = step === last;

            // The last line of each thread, and the last of all that is shared.
            const [lines, shared] = [new Map(), new Map()];
            rows.forEach((row, i) => {
                row.classList.toggle("later", i > step);
                row.classList.toggle("current", i === step);
                if (i > step) return;
                if (row.dataset.lane) lines.set(row.dataset.lane, row.dataset.line);
                row.querySelectorAll("[data-is]").forEach((change) => {
                    shared.set(change.dataset.is, change.textContent);
                });
            });
            const row = rows[step];
            const code = order.closest(".program").querySelector(".code pre");
            code.querySelectorAll(".stands").forEach((mark) => mark.remove());
            lines.forEach((line, lane) => {
                const number = code.querySelector(`[data-row="${line}"]`);
                if (!number) return;
                const mark = document.createElement("i");
                mark.className = `stands lane-${lane % 6}`;
                mark.classList.toggle("acts", lane === row.dataset.lane);
                mark.style.top = `${number.offsetTop}px`;
                code.prepend(mark);
            });

            order.classList.toggle("at-end", step === last);
            const does = row.querySelector(".does");
            const who = does && order.querySelectorAll("thead th")[does.cellIndex];
            const deed = does ? `${who.textContent} ${does.textContent}` : "nothing yet";
            const stuck = [...order.querySelectorAll(".stuck li")].map((li) => li.textContent);
            const end = step === last && stuck.length
                ? ` No thread can go on: ${stuck.join("; ")}.` : "";
            find(".now").textContent = `Step ${step} of ${last}: ${deed}. `
                + [...shared.values()].join(", ") + "." + end;
            find(".link").href = `#${figure.dataset.name}:${number}.${step}`;
        };

        const now = () => show(+select.value, +slider.value);
        slider.addEventListener("input", now);
        select.addEventListener("change", () => show(+select.value, 0));
        const move = (by) => show(+select.value, Math.max(+slider.value + by, 0));
        buttons.forEach((button, i) => {
            button.addEventListener("click", () => move(2 * i - 1));
        });
        figure.addEventListener("click", ({ target }) => {
            const row = target.closest(".order tbody tr");
            if (row) show(+select.value, row.rowIndex - 1);
        });
        // Elsewhere in mdBook, these keys turn the page.
        find(".controls").addEventListener("keydown", (event) => {
            const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
            if (!by) return;
            event.stopPropagation();
            if (event.target.tagName === "BUTTON") move(by);
        });
        addEventListener("beforeprint", () => {
            orders.forEach((order) => { order.open = true; });
        });
        addEventListener("afterprint", now);

        // A browser would scroll to the row, and past what one steps with.
        figure.querySelectorAll("tr").forEach((row) => row.removeAttribute("id"));
        figure.classList.add("live");
        find(".controls").hidden = false;
        show(1, 0);
        return { figure, show };
    });

    const follow = () => {
        const [, name, order, step] = ADDRESS.exec(decodeURI(location.hash)) ?? [];
        steppers.filter(({ figure }) => figure.dataset.name === name)
            .forEach(({ figure, show }) => {
                show(+order, +step);
                figure.scrollIntoView();
            });
    };
    addEventListener("hashchange", follow);
    follow();
})();
