using VSan.WebOs.Slices;

namespace VSan.WebOs.Parts;

/// <summary>A list with columns. On a phone a row becomes a card.</summary>
/// <param name="Caption">What is listed.</param>
/// <param name="Columns">The columns; the first names the row.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Nothing">What is said when there is no row.</param>
public sealed record Table(string Caption, IReadOnlyList<Column> Columns, IReadOnlyList<Row> Rows, string Nothing = "None.") : Part
{
    /// <summary>What the rows can be selected for; null for a list without selection.</summary>
    public Selection? Selection { get; init; }

    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Table { Model = this };
}

/// <summary>A column.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="ClassName"><c>number</c> aligns it right, <c>wide</c> leaves it out on a phone, <c>actions</c> is for buttons and shows no heading.</param>
public sealed record Column(string Title, string? ClassName = null)
{
    /// <summary>A column without class.</summary>
    public static implicit operator Column(string title) => FromString(title);

    /// <summary>A column without class.</summary>
    public static Column FromString(string title) => new(title);

    /// <summary>The column of the buttons.</summary>
    public static Column Actions { get; } = new("Action", "actions");
}

/// <summary>A row.</summary>
/// <param name="Id">Its id on the page, or null.</param>
/// <param name="Cells">One for each column.</param>
public sealed record Row(string? Id, params IReadOnlyList<Part> Cells)
{
    /// <summary>What is sent when the row is selected, and what it is called; null for a row that cannot be.</summary>
    public Choice? Pick { get; init; }
}
