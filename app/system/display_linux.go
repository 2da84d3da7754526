package system

/*
#cgo LDFLAGS: -ldl
#include <stdint.h>
int postroomWatchDisplay(uintptr_t);
*/
import "C"

import "runtime/cgo"

// WatchDisplay calls lost when the X server has gone, as it does when people
// log off. The program ends when lost returns. It must be called once, when the
// window has been shown. Without X there is nothing to watch: a Wayland
// compositor that goes away closes the windows.
func WatchDisplay(lost func()) {
	C.postroomWatchDisplay(C.uintptr_t(cgo.NewHandle(lost))) // for the life of the process
}

//export postroomDisplayLost
func postroomDisplayLost(handle C.uintptr_t) {
	if lost, ok := cgo.Handle(handle).Value().(func()); ok {
		lost()
	}
}
