using VSan.WebOs.Slices;

namespace VSan.WebOs.Parts;

/// <summary>What is to be said of one object.</summary>
/// <param name="Items">Each with its name.</param>
public sealed record Facts(IReadOnlyList<Fact> Items) : Part
{
    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Facts { Model = this };
}

/// <summary>One thing that is to be said.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">What it says.</param>
public sealed record Fact(string Name, Part Value);
