package system

import (
	"context"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The messages of a window that tell what the computer is about to do
// (winuser.h).
const (
	wmDestroy         = 0x0002
	wmClose           = 0x0010
	wmQueryEndSession = 0x0011
	wmEndSession      = 0x0016
	wmPowerBroadcast  = 0x0218
	pbtResumed        = 0x0012 // PBT_APMRESUMEAUTOMATIC
)

// windowClass is WNDCLASSEXW.
type windowClass struct {
	size, style              uint32
	procedure                uintptr
	classExtra, windowExtra  int32
	instance                 windows.Handle
	icon, cursor, background windows.Handle
	menuName, name           *uint16
	smallIcon                windows.Handle
}

// windowMessage is MSG.
type windowMessage struct {
	window         windows.HWND
	message        uint32
	wParam, lParam uintptr
	time           uint32
	x, y           int32
	private        uint32
}

// logoffWindow is a window that is never shown. Windows tells the end of a
// desktop session to top-level windows alone, and ends the process soon after
// the last of them has answered; this one answers when the sessions are closed.
// All its calls are made on one thread.
type logoffWindow struct {
	user   *windows.LazyDLL
	events Events
	handle windows.HWND
}

// WatchLogoff answers the log-off and the shutdown of Windows until ctx ends:
// it asks Windows to wait, closes the sessions, and lets go. It also tells when
// the computer wakes. An error says why it cannot.
func WatchLogoff(ctx context.Context, e Events) error {
	runtime.LockOSThread() // a window's messages come to the thread that made it
	defer runtime.UnlockOSThread()
	w := &logoffWindow{user: windows.NewLazySystemDLL("user32.dll"), events: e}
	if err := w.create(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { w.call("PostMessageW", uintptr(w.handle), wmClose, 0, 0) })
	defer stop()
	var m windowMessage
	for {
		// 0 is the end (WM_QUIT), -1 an error.
		got := w.call("GetMessageW", uintptr(unsafe.Pointer(&m)), 0, 0, 0)
		if int32(got) <= 0 {
			return nil
		}
		w.call("DispatchMessageW", uintptr(unsafe.Pointer(&m)))
	}
}

// call calls a function of user32. Its result alone counts: 0 mostly is failure.
func (w *logoffWindow) call(name string, args ...uintptr) uintptr {
	result, _, _ := w.user.NewProc(name).Call(args...) //nolint:errcheck // it is never nil, and means nothing by itself
	return result
}

func (w *logoffWindow) create() error {
	if err := w.user.Load(); err != nil {
		return fmt.Errorf("listen to log-off: %w", err)
	}
	name, err := windows.UTF16PtrFromString("PostroomLogoff")
	if err != nil {
		return fmt.Errorf("listen to log-off: %w", err)
	}
	var instance windows.Handle
	if err := windows.GetModuleHandleEx(0, nil, &instance); err != nil {
		return fmt.Errorf("listen to log-off: %w", err)
	}
	class := windowClass{procedure: windows.NewCallback(w.receive), instance: instance, name: name}
	class.size = uint32(unsafe.Sizeof(class))
	register := w.user.NewProc("RegisterClassExW")
	if atom, _, err := register.Call(uintptr(unsafe.Pointer(&class))); atom == 0 {
		return fmt.Errorf("listen to log-off: register window: %w", err)
	}
	create := w.user.NewProc("CreateWindowExW")
	handle, _, err := create.Call(0, uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(name)),
		0, 0, 0, 0, 0, 0, 0, uintptr(instance), 0)
	if handle == 0 {
		return fmt.Errorf("listen to log-off: make window: %w", err)
	}
	w.handle = windows.HWND(handle)
	return nil
}

// receive is the window's procedure.
func (w *logoffWindow) receive(window windows.HWND, message uint32, wParam, lParam uintptr) uintptr {
	switch message {
	case wmQueryEndSession:
		w.askToWait(window)
		return 1 // it may end; WM_ENDSESSION says whether it does
	case wmEndSession:
		if wParam != 0 {
			w.events.Ending()
		}
		w.call("ShutdownBlockReasonDestroy", uintptr(window))
		return 0
	case wmPowerBroadcast:
		if wParam == pbtResumed {
			w.events.Woke()
		}
		return 1
	case wmClose:
		w.call("DestroyWindow", uintptr(window))
		return 0
	case wmDestroy:
		w.call("PostQuitMessage", 0)
		return 0
	}
	return w.call("DefWindowProcW", uintptr(window), uintptr(message), wParam, lParam)
}

// askToWait gives Windows the reason that it shows while it waits for us.
func (w *logoffWindow) askToWait(window windows.HWND) {
	reason, err := windows.UTF16PtrFromString("Postroom is disconnecting sessions on servers.")
	if err != nil {
		return // there is no NUL in it
	}
	w.call("ShutdownBlockReasonCreate", uintptr(window), uintptr(unsafe.Pointer(reason)))
}
