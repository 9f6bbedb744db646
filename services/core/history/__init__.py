"""The same through time: registers, sums and naleving from one moment until another."""
