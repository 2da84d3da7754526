// Xlib ends the process when the X server has gone, without a chance for Go's
// deferred functions. The handler is asked before.
#include <dlfcn.h>
#include <stdint.h>

extern void postroomDisplayLost(uintptr_t);

static uintptr_t watcher;

static int lost(void *display) {
	(void)display;
	postroomDisplayLost(watcher);
	return 0; // Xlib calls exit(1)
}

// postroomWatchDisplay is 0 when this process has no Xlib. GLFW loads it by
// name, so that there is nothing to link.
int postroomWatchDisplay(uintptr_t w) {
	typedef int (*handler)(void *);
	void *xlib = dlopen("libX11.so.6", RTLD_NOW | RTLD_NOLOAD);
	if (!xlib) return 0;
	handler (*set)(handler) = (handler(*)(handler))dlsym(xlib, "XSetIOErrorHandler");
	if (!set) return 0;
	watcher = w;
	set(lost);
	return 1;
}
