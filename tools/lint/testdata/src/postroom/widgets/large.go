package widgets

// wide is wide.
type wide struct { // want `wide has 16 fields, more than 15`
	f00 int
	f01 int
	f02 int
	f03 int
	f04 int
	f05 int
	f06 int
	f07 int
	f08 int
	f09 int
	f10 int
	f11 int
	f12 int
	f13 int
	f14 int
	f15 int
}

// told has so many fields because each is a thing to say.
type told struct {
	f00 int
	f01 int
	f02 int
	f03 int
	f04 int
	f05 int
	f06 int
	f07 int
	f08 int
	f09 int
	f10 int
	f11 int
	f12 int
	f13 int
	f14 int
	f15 int
}

// small is below both limits.
type small struct{ f00 int }

// many does much.
type many struct{ f00 int } // want `many has 31 methods, more than 30`

// named is large. It has so many methods because each is a thing to do.
type named struct{ many }

// vague has many methods. They may be called from any goroutine at any time of the day. It
// is fast, as nobody waits.
type vague struct{ many } // want `vague has 31 methods, more than 30`

// short has methods, as it must.
type short struct{ many } // want `short has 31 methods, more than 30`

// whole is small, but for a part that knows all of it.
type whole struct { // want `whole has 31 methods \(with those of part, which hold it\), more than 30`
	part  *part
	alone part2
}

// part is not on its own.
type part struct{ of *whole }

// part2 is on its own.
type part2 struct{ f00 int }

func (*whole) W00() {}
func (*part2) P00() {}

// holder holds all of it.
type holder struct{ *many } // want `holder has 31 methods, more than 30`

func (many) M00() {}
func (many) M01() {}
func (many) M02() {}
func (many) M03() {}
func (many) M04() {}
func (many) M05() {}
func (many) M06() {}
func (many) M07() {}
func (many) M08() {}
func (many) M09() {}
func (many) M10() {}
func (many) M11() {}
func (many) M12() {}
func (many) M13() {}
func (many) M14() {}
func (many) M15() {}
func (many) M16() {}
func (many) M17() {}
func (many) M18() {}
func (many) M19() {}
func (many) M20() {}
func (many) M21() {}
func (many) M22() {}
func (many) M23() {}
func (many) M24() {}
func (many) M25() {}
func (many) M26() {}
func (many) M27() {}
func (many) M28() {}
func (many) M29() {}
func (many) M30() {}

func (small) M00() {}
func (small) M01() {}
func (small) M02() {}
func (small) M03() {}
func (small) M04() {}
func (small) M05() {}
func (small) M06() {}
func (small) M07() {}
func (small) M08() {}
func (small) M09() {}
func (small) M10() {}
func (small) M11() {}
func (small) M12() {}
func (small) M13() {}
func (small) M14() {}
func (small) M15() {}
func (small) M16() {}
func (small) M17() {}
func (small) M18() {}
func (small) M19() {}
func (small) M20() {}
func (small) M21() {}
func (small) M22() {}
func (small) M23() {}
func (small) M24() {}
func (small) M25() {}
func (small) M26() {}
func (small) M27() {}
func (small) M28() {}
func (small) M29() {}

func (part) P00() {}
func (part) P01() {}
func (part) P02() {}
func (part) P03() {}
func (part) P04() {}
func (part) P05() {}
func (part) P06() {}
func (part) P07() {}
func (part) P08() {}
func (part) P09() {}
func (part) P10() {}
func (part) P11() {}
func (part) P12() {}
func (part) P13() {}
func (part) P14() {}
func (part) P15() {}
func (part) P16() {}
func (part) P17() {}
func (part) P18() {}
func (part) P19() {}
func (part) P20() {}
func (part) P21() {}
func (part) P22() {}
func (part) P23() {}
func (part) P24() {}
func (part) P25() {}
func (part) P26() {}
func (part) P27() {}
func (part) P28() {}
func (part) P29() {}
