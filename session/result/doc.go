// Package result holds what came back from a run: a columnar table that is filled while
// it is looked at, immutable views of it (sorted, filtered, columns chosen), and the
// ways out of the program: CSV, JSON, XLSX and a console table.
//
// Here does not live: the decoding of what a server sends (session/clixml scans, the
// session package feeds an [Appender]), the drawing (widgets), and the writing of files:
// everything here writes to an io.Writer. Of ours the package imports atomicfile alone.
package result
