package clixml

// tag is an element's name. The order matters: from tagS to tagPR they are
// values that stand on their own.
type tag uint8

const (
	tagOther tag = iota // not an element of CLIXML
	tagNil
	tagObj
	tagRef
	tagS
	tagC
	tagB
	tagSB
	tagI16
	tagI32
	tagI64
	tagBy
	tagU16
	tagU32
	tagU64
	tagSg
	tagDB
	tagD
	tagDT
	tagTS
	tagBA
	tagG
	tagURI
	tagVersion
	tagXD
	tagSBK
	tagSS
	tagPR
	tagTN
	tagTNRef
	tagT
	tagToString
	tagProps
	tagMS
	tagLST
	tagSTK
	tagQUE
	tagIE
	tagDCT
	tagEn
	tagObjs
)

func (t tag) primitive() bool { return t >= tagS && t <= tagSS }

func (t tag) container() Container {
	switch t {
	case tagLST:
		return List
	case tagSTK:
		return Stack
	case tagQUE:
		return Queue
	case tagIE:
		return Enumerable
	case tagDCT:
		return Dictionary
	default:
		return None
	}
}

// value tells whether the element may stand where a value is expected and is
// known. Everything else there is an Unknown.
func (t tag) value() bool { return t >= tagNil && t <= tagPR }

//nolint:gocyclo // one table, which the compiler turns into a search
func lookupTag(name []byte) tag {
	switch string(name) {
	case "S":
		return tagS
	case "Obj":
		return tagObj
	case "TNRef":
		return tagTNRef
	case "Nil":
		return tagNil
	case "B":
		return tagB
	case "I32":
		return tagI32
	case "I64":
		return tagI64
	case "ToString":
		return tagToString
	case "Props":
		return tagProps
	case "MS":
		return tagMS
	case "T":
		return tagT
	case "TN":
		return tagTN
	case "LST":
		return tagLST
	case "DT":
		return tagDT
	case "G":
		return tagG
	case "Ref":
		return tagRef
	case "TS":
		return tagTS
	case "Db":
		return tagDB
	case "Version":
		return tagVersion
	case "C":
		return tagC
	case "SB":
		return tagSB
	case "I16":
		return tagI16
	case "By":
		return tagBy
	case "U16":
		return tagU16
	case "U32":
		return tagU32
	case "U64":
		return tagU64
	case "Sg":
		return tagSg
	case "D":
		return tagD
	case "BA":
		return tagBA
	case "URI":
		return tagURI
	case "XD":
		return tagXD
	case "SBK":
		return tagSBK
	case "SS":
		return tagSS
	case "PR":
		return tagPR
	case "STK":
		return tagSTK
	case "QUE":
		return tagQUE
	case "IE":
		return tagIE
	case "DCT":
		return tagDCT
	case "En":
		return tagEn
	case "Objs":
		return tagObjs
	}
	return tagOther
}
