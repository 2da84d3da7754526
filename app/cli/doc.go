// Package cli is the program without a window: run, sessions, simulate. It is
// a contract for scripts: flags, exit codes and streams are those of docs/command-line.md
// Rows go to standard output, everything else to standard error.
//
// It holds no protocol and draws no window. Words about errors come from
// diagnose; those about the command line itself, its flags and files, are here.
package cli
