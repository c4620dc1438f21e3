using VSan.WebOs.Slices;

namespace VSan.WebOs.Parts;

/// <summary>A piece of a page. Apps say what is on a page in parts; how each looks is said once, in the part's own template.</summary>
public abstract record Part
{
    /// <summary>Text is a part.</summary>
    public static implicit operator Part(string text) => FromString(text);

    /// <summary>Text as a part.</summary>
    public static Part FromString(string text) => new Line(text);

    /// <summary>Its template, filled.</summary>
    internal abstract Slice ToSlice();
}

/// <summary>A template that an app has of its own.</summary>
/// <param name="Slice">The template, filled.</param>
public sealed record Drawn(Slice Slice) : Part
{
    internal override Slice ToSlice() => Slice;
}

/// <summary>Parts below each other.</summary>
/// <param name="Items">From top to bottom.</param>
public sealed record Stack(IReadOnlyList<Part> Items) : Part
{
    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Stack { Model = this };
}
