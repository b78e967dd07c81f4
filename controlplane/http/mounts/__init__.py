"""What else hangs on the app: each module offers ``mount(app, state)``, found by its place."""
