using VSan.Contracts.Api;
using VSan.WebOs.Text;

namespace VSan.WebOs.Parts;

/// <summary>A field of a form: text as the person typed it, so that a refusal gives it back unchanged.</summary>
/// <param name="Name">Its name in what is sent.</param>
/// <param name="Label">Its name for a person.</param>
public sealed record Field(string Name, string Label)
{
    /// <summary>What it looks like.</summary>
    public FieldKind Kind { get; init; }

    /// <summary>What it holds; of a <see cref="FieldKind.Check"/> <c>on</c> or nothing.</summary>
    public string Value { get; init; } = "";

    /// <summary>What of <see cref="Choices"/> is ticked, of a <see cref="FieldKind.Many"/>.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Unit of a <see cref="FieldKind.Size"/>.</summary>
    public string Unit { get; init; } = "GiB";

    /// <summary>What there is to choose from.</summary>
    public IReadOnlyList<Choice> Choices { get; init; } = [];

    /// <summary>What is to be known before it is filled in.</summary>
    public string? Note { get; init; }

    /// <summary>What is wrong with it, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>JSON pointer of the member that it becomes.</summary>
    public string Pointer { get; init; } = "/" + Name;

    /// <summary>It must be filled in.</summary>
    public bool Required { get; init; }

    /// <summary>Name of the field with the unit of a <see cref="FieldKind.Size"/>.</summary>
    public string UnitName => Name + "-unit";

    /// <summary>The field as it was sent. A password is never sent back.</summary>
    internal Field Filled(FormValues values, Problem? problem) => this with
    {
        Value = Kind == FieldKind.Password ? "" : values.Text(Name),
        Values = values.All(Name),
        Unit = Kind == FieldKind.Size ? values.Text(UnitName) : Unit,
        Problem = problem?.Fields?.FirstOrDefault(field => field.Pointer == Pointer)?.Detail,
    };
}

/// <summary>What a field looks like.</summary>
public enum FieldKind
{
    /// <summary>A line of text.</summary>
    Text,

    /// <summary>A line that is not shown.</summary>
    Password,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A number with a unit of <see cref="ByteSize.Units"/>.</summary>
    Size,

    /// <summary>One of several.</summary>
    Choice,

    /// <summary>Any of several.</summary>
    Many,

    /// <summary>Yes or no.</summary>
    Check,

    /// <summary>Sent along, not shown.</summary>
    Hidden,
}

/// <summary>Something to choose.</summary>
/// <param name="Value">What is sent.</param>
/// <param name="Words">What is read.</param>
public sealed record Choice(string Value, string Words)
{
    /// <summary>Something whose name is what is sent.</summary>
    public static implicit operator Choice(string value) => FromString(value);

    /// <summary>Something whose name is what is sent.</summary>
    public static Choice FromString(string value) => new(value, value);
}

/// <summary>A field of a certain form.</summary>
/// <param name="FormId">The form.</param>
/// <param name="Field">The field.</param>
public sealed record PlacedField(string FormId, Field Field)
{
    /// <summary>Its id on the page.</summary>
    public string Id => $"{FormId}-{Field.Name}";
}
