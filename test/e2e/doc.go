// Package e2e runs the program as a person has it: the built binary, real
// windows under a virtual display, signals, and a simulator in a process of its
// own that counts what is left on it.
package e2e
