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
// changes, and writes rows as CLIXML and as JSON.
//
// Read it in this order. What is in a row: value (the kinds of values, and how one
// becomes another), tables, class, schema and definition (the files of the folder
// data), program and expression (how a column is computed), table (rows, and
// what was changed), person, people and tenant (whom they are about). What a call
// does: call, execution and binder (arguments), stream (pipelines), then by verb
// list with condition, filter, period and relation, and change. What comes out:
// view and encode (CLIXML and JSON), offer, module and shell (what cmdlets say of
// themselves), problem (errors).
//
// What does not live here: doors, shells, sign-in and faults. A door makes a
// [Call], and is its [Host].
package exchange
