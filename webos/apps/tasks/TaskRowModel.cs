using VSan.Contracts.Api;
using VSan.WebOs.Text;

namespace VSan.WebOs.Apps.Tasks;

/// <summary>One task of the list.</summary>
/// <param name="Operation">The task.</param>
/// <param name="MayCancel">True: the person is shown a button for it.</param>
/// <param name="MayRetry">True: likewise, for trying again.</param>
/// <param name="Now">The time on the page.</param>
public sealed record TaskRowModel(Operation Operation, bool MayCancel, bool MayRetry, DateTimeOffset Now)
{
    /// <summary>Who asked, when, and how long it took.</summary>
    public string Circumstances => Operation.EndedAt is { } endedAt
        ? $"by {Operation.RequestedBy}, {Age.Between(endedAt, Now).Ago}, took {Age.Between(Operation.CreatedAt, endedAt)}"
        : $"by {Operation.RequestedBy}, begun {Age.Between(Operation.CreatedAt, Now).Ago}";
}
