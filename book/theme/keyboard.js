// What mdBook's frame lacks for the keyboard. The pages work without.
(() => {
    const skip = document.querySelector("a.skip");
    const content = document.getElementById("mdbook-content");
    if (skip && content) {
        // A link moves the focus only to what can have it.
        content.tabIndex = -1;
        document.body.prepend(skip);
    }

    // The sidebar's button is a label, which no keyboard reaches.
    const toggle = document.getElementById("mdbook-sidebar-toggle");
    if (toggle) {
        toggle.tabIndex = 0;
        toggle.setAttribute("role", "button");
        toggle.addEventListener("keydown", (event) => {
            if (event.key === "Enter" || event.key === " ") {
                event.preventDefault();
                toggle.click();
            }
        });
    }

    // The search is a fifth of a page's weight: it comes when it is asked for.
    const scripts = [...document.querySelectorAll("script[type=search]")];
    const load = (then) => {
        const left = scripts.splice(0);
        left.forEach((waiting, i) => {
            const script = document.createElement("script");
            script.src = waiting.src;
            script.async = false;
            if (i === left.length - 1) script.onload = then;
            document.head.append(script);
        });
    };
    const icon = document.getElementById("mdbook-search-toggle");
    if (scripts.length && /[?&](search|highlight)=/.test(location.search)) {
        load();
    }
    icon?.addEventListener("click", () => {
        if (scripts.length) load(() => icon.click());
    });
    document.addEventListener("keydown", (event) => {
        const typing = event.target.closest("input, select, textarea");
        const combined = event.altKey || event.ctrlKey || event.metaKey;
        if (scripts.length && !typing && !combined
            && ["/", "s", "S"].includes(event.key)) {
            event.preventDefault();
            load(() => icon.click());
        }
    });
})();
