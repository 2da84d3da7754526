package app

func (w *mainWindow) showTenants() {}
