"""What measured paths say of a tunnel: which tunnel it is, what its packets may be, what is wrong with that."""
