"""The words of `workflow.messages`, one module for each family of error codes."""
