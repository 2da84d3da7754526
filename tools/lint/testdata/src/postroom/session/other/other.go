package other

import "fmt"

func prints(s string) { fmt.Println(s) }
