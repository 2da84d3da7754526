package result

// Copy adds a cell of a view to a row, with the kind that it has. An absent
// cell adds nothing.
func Copy(to Appender, name []byte, v Value) {
	switch v.Kind {
	case KindNull:
		to.Null(name)
	case KindText:
		to.Text(name, []byte(v.Text))
	case KindBool:
		to.Bool(name, v.Bool)
	case KindInt:
		to.Int(name, v.Int)
	case KindUint:
		to.Uint(name, v.Uint)
	case KindFloat:
		to.Float(name, v.Float)
	case KindDecimal:
		to.Decimal(name, []byte(v.Text))
	case KindTime:
		to.Time(name, v.Time)
	case KindDuration:
		to.Duration(name, v.Int)
	case KindBytes:
		to.Bytes(name, v.Bytes)
	case KindList:
		items := make([][]byte, len(v.Items))
		for i, item := range v.Items {
			items[i] = []byte(item)
		}
		to.List(name, items, v.Raw)
	case KindNested:
		to.Nested(name, []byte(v.Text), v.Raw)
	}
}
