package app

func (w *mainWindow) showPasswords() {}
