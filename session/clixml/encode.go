package clixml

// Append writes v to dst as PowerShell writes it on the wire: no declaration,
// no Objs element, no white space, no byte order mark. An *[Object] that
// occurs twice is written as Obj and Ref, a list of type names that occurs
// twice as TN and TNRef; the ids start at 0. The error is an *[EncodeError];
// dst is then returned as it was.
func Append(dst []byte, v Value) ([]byte, error) { return dst, errNotYet }

// AppendDocument writes the values as a document with an enclosing Objs
// element, without white space. References reach over all of them.
func AppendDocument(dst []byte, values ...Value) ([]byte, error) { return dst, errNotYet }
