package assets

// Version is the program's, which FyneApp.toml and the changelog have too
// (test/release_test.go compares them).
const Version = "0.1.0"
