"""The pages of the walk: views that take plain values and emit what the operator did."""
