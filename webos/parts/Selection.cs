using VSan.WebOs.Slices;
using VSan.WebOs.Text;

namespace VSan.WebOs.Parts;

/// <summary>The bar over a list whose rows can be selected: all that the list has at once, not only its page.</summary>
/// <param name="Id">Id of its form; the rows' boxes belong to it.</param>
/// <param name="Path">Whom it asks, with <c>pick</c> for each row or <c>all</c>.</param>
/// <param name="Verb">What is done to the selected.</param>
/// <param name="Total">How many the list has, over all its pages.</param>
/// <param name="Noun">One of them.</param>
/// <param name="Filters">What makes the list what it is; sent along.</param>
public sealed record Selection(string Id, string Path, string Verb, int Total, string Noun, IReadOnlyDictionary<string, string> Filters) : Part
{
    /// <summary>How many all are, in words.</summary>
    public string All => Counted.Of(Total, Noun);

    /// <summary>Idempotency key: fresh on every page.</summary>
    public string Key { get; } = FormValues.NewKey();

    internal override Slice ToSlice() => new AspNetCoreGeneratedDocument.parts_Selection { Model = this };
}
