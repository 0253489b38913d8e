package report

import "strings"

// csv is the file of a figure's numbers: a row of names, and then the rows.
func (d *data) csv() []byte {
	var b strings.Builder
	names := make([]string, 0, len(d.Columns))
	for _, c := range d.Columns {
		names = append(names, c.Name)
	}
	writeRow(&b, names)
	for _, row := range d.Rows {
		writeRow(&b, row)
	}
	return []byte(b.String())
}

func writeRow(b *strings.Builder, row []string) {
	for i, field := range row {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.ContainsAny(field, ",\"\r\n") {
			field = `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
		}
		b.WriteString(field)
	}
	b.WriteByte('\n')
}
