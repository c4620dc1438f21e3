using VSan.WebOs.Shell;
using VSan.WebOs.Slices;
using VSan.WebOs.Text;

namespace VSan.WebOs.Parts;

/// <summary>What fits into a cell, a fact or a line.</summary>
public abstract record Inline : Part
{
    internal sealed override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Inline { Model = this };
}

/// <summary>Text, with a smaller line below it.</summary>
/// <param name="Words">The text.</param>
/// <param name="Note">The smaller line, or null.</param>
public sealed record Line(string Words, string? Note = null) : Inline;

/// <summary>Text that stands back: what is not there, or not known.</summary>
/// <param name="Words">The text.</param>
public sealed record Quiet(string Words) : Inline;

/// <summary>A name, an address or a code, to be read letter by letter.</summary>
/// <param name="Words">The text.</param>
public sealed record Code(string Words) : Inline;

/// <summary>Something to be copied whole: a command, a secret.</summary>
/// <param name="Words">The text.</param>
public sealed record Command(string Words) : Inline;

/// <summary>A state with its three cues.</summary>
/// <param name="Cue">Colour, shape and word.</param>
/// <param name="Note">A smaller line below it, or null.</param>
public sealed record Mark(Cue Cue, string? Note = null) : Inline;

/// <summary>A way to another page.</summary>
/// <param name="Words">What it is called.</param>
/// <param name="Path">Where it leads.</param>
public sealed record Link(string Words, string Path) : Inline
{
    /// <summary>Class names that make it look like a button; null for a plain link.</summary>
    public string? ClassName { get; init; }

    /// <summary>What of, for who does not see where it stands.</summary>
    public string? Of { get; init; }

    /// <summary>A smaller line below it.</summary>
    public string? Note { get; init; }
}

/// <summary>A button that asks for one thing; the answer is a page.</summary>
/// <param name="Verb">What it does.</param>
/// <param name="Path">Whom it asks.</param>
/// <param name="Of">What of, for who does not see where it stands.</param>
public sealed record Press(string Verb, string Path, string Of) : Inline
{
    /// <summary>Class names: <c>primary</c>, <c>danger</c>.</summary>
    public string? ClassName { get; init; }

    /// <summary>Idempotency key: fresh on every page, so that a double click asks once.</summary>
    public string Key { get; } = FormValues.NewKey();

    /// <summary>What it sends along.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Values { get; init; } = [];
}

/// <summary>How much of something is taken.</summary>
/// <param name="Label">What of.</param>
/// <param name="Portion">How much.</param>
/// <param name="Note">The same in words.</param>
public sealed record Gauge(string Label, Portion Portion, string Note) : Inline;

/// <summary>Several things, each on its own line.</summary>
/// <param name="Items">From top to bottom.</param>
/// <param name="Nothing">What is said when there are none.</param>
public sealed record Lines(IReadOnlyList<Part> Items, string Nothing = "none") : Inline;

/// <summary>Buttons beside each other; null ones are left out.</summary>
/// <param name="Items">From left to right.</param>
public sealed record Buttons(params IReadOnlyList<Part?> Items) : Inline;
