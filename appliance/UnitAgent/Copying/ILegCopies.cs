using VSan.Contracts.UnitLink;

namespace VSan.UnitAgent.Copying;

/// <summary>The copies of other units' legs as the reconciler uses them. Used under the reconciler's gate only, but for <see cref="Facts"/>.</summary>
internal interface ILegCopies
{
    /// <summary>How far each is; null is none. Any thread.</summary>
    IReadOnlyList<LegCopyFact>? Facts { get; }

    /// <summary>Goes on with these and begins what is new. What is not among them has stopped when the task ends, so that its files may go.</summary>
    Task FollowAsync(IReadOnlyList<LegCopySpec> wanted, IReadOnlyDictionary<string, string> secrets);
}
