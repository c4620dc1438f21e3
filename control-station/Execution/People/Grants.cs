using VSan.Contracts.Api;

namespace VSan.Station.Execution;

/// <summary>Who may give which role, so that nobody gives himself more than he has, and the last admin stays.</summary>
internal static class Grants
{
    /// <summary>Refuses bindings that the caller may not give: an admin gives any, anybody else any but admin, and nobody changes his own.</summary>
    public static void Require(Caller caller, IReadOnlyList<Binding> before, IReadOnlyList<Binding> after, Guid? personId)
    {
        if (IsAdmin(caller.Bindings) || before.ToHashSet().SetEquals(after)) return;
        if (personId is { } id && id == caller.PersonId) throw new ProblemException("forbidden", "Nobody but an admin changes his own roles.", "Ask an admin.");
        if (before.Concat(after).Any(binding => binding.Role == Role.Admin)) throw new ProblemException("forbidden", "Only an admin gives or takes the role admin.", "Ask an admin.");
    }

    /// <summary>Refuses a change to an admin by anybody but an admin: a new password would be a way to become one.</summary>
    public static void RequireOver(Caller caller, Person person)
    {
        if (person.Bindings.Any(binding => binding.Role == Role.Admin) && !IsAdmin(caller.Bindings))
            throw new ProblemException("forbidden", $"{person.UserName} is an admin; only an admin may change that user.", "Ask an admin.");
    }

    /// <summary>Refuses to leave the station without anybody who may do everything, after <paramref name="before"/> was changed or removed.</summary>
    public static void RequireAnAdmin(IStationTransaction transaction, Person before)
    {
        if (before.Disabled || !IsAdmin(before.Bindings)) return;
        if (!transaction.Table<Person>().Page(after: null, int.MaxValue).Any(person => !person.Disabled && IsAdmin(person.Bindings)))
            throw new ProblemException("last-admin", "No admin of the whole station would be left who can sign in.", "Make another admin first.");
    }

    private static bool IsAdmin(IReadOnlyList<Binding> bindings) => bindings.Contains(new Binding(Role.Admin, Scope.All));
}
