using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Whom a post is for, as people write it: <c>everyone</c>, <c>role:NAME</c>, <c>user:NAME</c>.</summary>
/// <param name="Text">So written.</param>
public readonly record struct Audience(string Text)
{
    private const string Everyone = "everyone";
    private const string OfRole = "role:";
    private const string User = "user:";

    /// <summary>One person.</summary>
    internal static Audience OfUser(string userName) => new(User + userName);

    /// <summary>The audience, when there is such a role or person.</summary>
    /// <exception cref="ProblemException">There is not.</exception>
    internal static Audience Of(IStationTransaction transaction, string text)
    {
        if (text == Everyone) return new Audience(text);
        if (text.StartsWith(OfRole, StringComparison.Ordinal))
        {
            string[] roles = [.. Enum.GetValues<Role>().Where(role => role != Role.Host).Select(RoleNames.Of)];
            return roles.Contains(text[OfRole.Length..]) ? new Audience(text) : throw ProblemException.Field("/to", $"names no role: there are {string.Join(", ", roles)}.");
        }

        if (!text.StartsWith(User, StringComparison.Ordinal)) throw ProblemException.Field("/to", "is 'everyone', 'role:NAME' or 'user:NAME'.");
        return transaction.Table<Person>().Where(Lookups.PersonUserName, text[User.Length..]).Count > 0 ? new Audience(text) : throw ProblemException.Field("/to", $"names nobody: there is no user {text[User.Length..]}.");
    }

    /// <summary>True when it is for this person, or machine.</summary>
    internal bool Includes(Caller caller)
    {
        string text = Text;
        return text == Everyone || text == User + caller.Name || caller.Bindings.Any(binding => text == OfRole + RoleNames.Of(binding.Role));
    }
}
