// The control of the moment in the header.
