namespace VSan.Cli;

/// <summary>Rows under headings, columns as wide as their widest cell and two spaces apart.</summary>
internal static class OutputTable
{
    private const string Gap = "  ";

    /// <summary>Writes a heading and one line for each item; no trailing spaces.</summary>
    public static void Write<T>(TextWriter output, IReadOnlyList<Column<T>> columns, IReadOnlyList<T> items)
    {
        string[][] rows = [[.. columns.Select(c => c.Header)], .. items.Select(item => columns.Select(c => Visible(c.Cell(item))).ToArray())];
        int[] widths = [.. columns.Select((_, index) => rows.Max(row => row[index].Length))];
        foreach (string[] row in rows)
        {
            IEnumerable<string> cells = row.Select((cell, index) => columns[index].Numeric ? cell.PadLeft(widths[index]) : cell.PadRight(widths[index]));
            output.WriteLine(string.Join(Gap, cells).TrimEnd());
        }
    }

    /// <summary>Writes one item, a line for each column.</summary>
    public static void WriteOne<T>(TextWriter output, IReadOnlyList<Column<T>> columns, T item)
    {
        int width = columns.Max(c => c.Header.Length) + 1;
        foreach (Column<T> column in columns)
        {
            output.WriteLine($"{(column.Header + ":").PadRight(width)} {Visible(column.Cell(item))}".TrimEnd());
        }
    }

    /// <summary>Text from the wire without what would move the cursor of the reader's terminal.</summary>
    public static string Visible(string cell) =>
        cell.Any(char.IsControl) ? string.Concat(cell.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : cell;
}
