package result

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"postroom/session/atomicfile"
)

// spool keeps records until they are asked for: the first few megabytes in memory, more
// in a temporary file that nobody else can read.
type spool struct {
	dir    string
	memory []byte
	file   *os.File // nil while all is in memory
	out    *bufio.Writer
}

// spoolMemory is how much a spool keeps in memory, in bytes: most reports never touch
// the disk.
const spoolMemory = 4 << 20

// add keeps a record.
func (s *spool) add(record []byte) error {
	s.memory = binary.AppendUvarint(s.memory, uint64(len(record)))
	s.memory = append(s.memory, record...)
	if len(s.memory) < spoolMemory {
		return nil
	}
	if s.file == nil {
		file, err := atomicfile.Temporary(s.dir)
		if err != nil {
			return s.failed(err)
		}
		s.file, s.out = file, bufio.NewWriterSize(file, outputSize)
	}
	_, err := s.out.Write(s.memory)
	s.memory = s.memory[:0]
	return s.failed(err)
}

// failed speaks of the folder, not of a file that nobody has seen.
func (s *spool) failed(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = &fs.PathError{Op: path.Op, Path: s.dir, Err: path.Err}
	}
	if err != nil {
		err = fmt.Errorf("keep rows until all columns are known: %w", err)
	}
	return err
}

// each calls fn with every record, in a slice that is used again.
func (s *spool) each(fn func(record []byte) error) error {
	if s.file != nil {
		err := s.out.Flush()
		if err == nil {
			_, err = s.file.Seek(0, io.SeekStart)
		}
		if err != nil {
			return s.failed(err)
		}
		if err := eachRecord(bufio.NewReaderSize(s.file, outputSize), fn); err != nil {
			return err
		}
	}
	rest := s.memory
	for len(rest) > 0 {
		n, w := binary.Uvarint(rest)
		rest = rest[w:]
		if err := fn(rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

func eachRecord(r *bufio.Reader, fn func(record []byte) error) error {
	var record []byte
	for {
		n, err := binary.ReadUvarint(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read kept rows: %w", err)
		}
		if uint64(cap(record)) < n {
			record = make([]byte, n)
		}
		record = record[:n]
		if _, err := io.ReadFull(r, record); err != nil {
			return fmt.Errorf("read kept rows: %w", err)
		}
		if err := fn(record); err != nil {
			return err
		}
	}
}

// close forgets all, and leaves no file.
func (s *spool) close() error {
	s.memory = nil
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	return atomicfile.Drop(file)
}
