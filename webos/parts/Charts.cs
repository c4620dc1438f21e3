using VSan.WebOs.Slices;

namespace VSan.WebOs.Parts;

/// <summary>Charts beside each other, as far as there is room.</summary>
/// <param name="Items">The charts.</param>
public sealed record Charts(IReadOnlyList<Chart> Items) : Part
{
    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Charts { Model = this };
}
