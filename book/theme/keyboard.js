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
})();
