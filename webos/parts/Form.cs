using VSan.WebOs.Slices;

namespace VSan.WebOs.Parts;

/// <summary>A form. Whatever it asks for is checked by the service that is asked.</summary>
/// <param name="Id">Its id; that of each field begins with it.</param>
/// <param name="Path">Whom it asks.</param>
/// <param name="Verb">The word on its button.</param>
/// <param name="Fields">What it asks for.</param>
public sealed record Form(string Id, string Path, string Verb, params IReadOnlyList<Field> Fields) : Part
{
    /// <summary>Class name of its button.</summary>
    public string ClassName { get; init; } = "primary";

    /// <summary>A second button, which only looks: the same form with <c>do</c> set to <c>try</c>; null for none.</summary>
    public string? Try { get; init; }

    /// <summary>A way back without doing anything; null for none.</summary>
    public Link? Back { get; init; }

    /// <summary>It only looks: its fields become the address.</summary>
    public bool Looks { get; init; }

    /// <summary>Idempotency key: fresh on every page, so that sending one page's form twice asks once.</summary>
    public string Key { get; } = FormValues.NewKey();

    /// <summary>The form as it was sent, with what is wrong, when it is the one that the outcome is of.</summary>
    public Form After(Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.FormId == Id && outcome.Values is { } values ? this with { Fields = [.. Fields.Select(field => field.Filled(values, outcome.Problem))] } : this;
    }

    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Form { Model = this };
}
