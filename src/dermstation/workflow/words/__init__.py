"""The words of `workflow.messages`, a module a family of error codes."""
