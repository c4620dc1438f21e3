using System.Text;

namespace VSan.BlockServer.Inspection;

/// <summary>A table of text: each column as wide as its widest cell. Nothing is drawn without rows but the title.</summary>
internal sealed class TextTable(string title, params string[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>One row, a cell for each column.</summary>
    internal void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Title, head, rows.</summary>
    internal void DrawTo(StringBuilder page)
    {
        page.Append('\n').Append(title).Append('\n');
        if (_rows.Count == 0) return;
        int[] widths = [.. columns.Select((head, column) => Math.Max(head.Length, _rows.Max(row => row[column].Length)))];
        foreach (string[] row in _rows.Prepend(columns))
        {
            var line = new StringBuilder("  ");
            for (int column = 0; column < columns.Length; column++) line.Append(row[column].PadRight(widths[column] + 2));
            page.Append(line.ToString().TrimEnd()).Append('\n');
        }
    }
}
