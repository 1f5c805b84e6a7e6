"""The parts pages are made of. They know Qt and the domain's values, nothing else."""
