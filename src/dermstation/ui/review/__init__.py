"""Review a lesion's pictures, and draw marks and covers on copies."""
