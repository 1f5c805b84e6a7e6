"""The size of the pictures of the tests' cameras, which no test looks at closely."""

WIDTH, HEIGHT = 320, 240
