package atomicfile_test

import "errors"

// full would be a device whose disk is always full; Windows has none.
const full = ""

var errFull = errors.New("disk full")
