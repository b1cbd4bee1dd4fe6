"""What hosts see of one evening: the list, the pace, the grid, the floor, and which tables can be given away."""
