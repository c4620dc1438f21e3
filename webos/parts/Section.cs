using VSan.WebOs.Slices;

namespace VSan.WebOs.Parts;

/// <summary>Parts under a heading of their own.</summary>
/// <param name="Id">Its id on the page.</param>
/// <param name="Title">The heading.</param>
/// <param name="Items">What is below it.</param>
public sealed record Section(string Id, string Title, params IReadOnlyList<Part> Items) : Part
{
    /// <summary>A fold: closed until it is wanted.</summary>
    public bool Folds { get; init; }

    /// <summary>A fold that is open.</summary>
    public bool Open { get; init; }

    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Section { Model = this };
}

/// <summary>A paragraph.</summary>
/// <param name="Words">The text.</param>
public sealed record Paragraph(string Words) : Part
{
    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Paragraph { Model = this };
}

/// <summary>What a program wrote: its lines as they are, and its columns below each other.</summary>
/// <param name="Label">What wrote it.</param>
/// <param name="Words">The text.</param>
public sealed record Printed(string Label, string Words) : Part
{
    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Printed { Model = this };
}

/// <summary>One part with the room of a paragraph.</summary>
/// <param name="Item">The part.</param>
public sealed record Block(Part Item) : Part
{
    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Block { Model = this };
}

/// <summary>A list that has nothing yet: what it is, and the one thing to do.</summary>
/// <param name="Title">That there is nothing.</param>
/// <param name="Words">What would be here.</param>
/// <param name="Next">How to begin: a command, a link.</param>
public sealed record Empty(string Title, string Words, params IReadOnlyList<Part> Next) : Part
{
    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Empty { Model = this };
}

/// <summary>What was done or is to be known, over the rest of the page.</summary>
/// <param name="Cue">How it is to be taken.</param>
/// <param name="Words">What happened.</param>
/// <param name="Items">What can be done about it.</param>
public sealed record Notice(Shell.Cue Cue, string Words, params IReadOnlyList<Part> Items) : Part
{
    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Notice { Model = this };
}

/// <summary>The pages of one app, or parts of it, beside each other.</summary>
/// <param name="Current">Path of the one that is shown.</param>
/// <param name="Items">Each with its path.</param>
public sealed record Tabs(string Current, params IReadOnlyList<Link> Items) : Part
{
    /// <summary>What is chosen among them.</summary>
    public string Label { get; init; } = $"Pages of {Items[0].Words}";

    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Tabs { Model = this };
}

/// <summary>Things that contain things.</summary>
/// <param name="Label">What is shown.</param>
/// <param name="Roots">The outermost.</param>
public sealed record Tree(string Label, IReadOnlyList<Branch> Roots) : Part
{
    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Tree { Model = this };
}

/// <summary>A thing of a <see cref="Tree"/>.</summary>
/// <param name="Item">The thing.</param>
/// <param name="Children">What it contains.</param>
public sealed record Branch(Part Item, params IReadOnlyList<Branch> Children) : Part
{
    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Branch { Model = this };
}
