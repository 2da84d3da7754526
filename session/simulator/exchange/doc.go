// Package exchange is what the simulator's servers serve: tenants, the cmdlets
// of their roles, and data that the cmdlets show and change.
//
// Nearly all of it is tables (folder data): the cmdlets with their parameters
// and the properties of their output are made from the facts about Exchange by
// tools/simtables; the classes of objects, what their columns are computed from
// and what a cmdlet does with them are written by hand in classes.txt, whose
// first lines say how. This package is the engine over them: it makes rows when
// they are asked for, so that a million mailboxes take no memory, binds
// arguments as PowerShell does, filters, pages, follows relations, keeps
// changes, and writes rows as CLIXML.
//
// What does not live here: doors, shells, sign-in and faults. A door makes a
// [Call], and is its [Host].
package exchange
