"""What happens between pages: each flow listens to its pages and asks the workflow."""
