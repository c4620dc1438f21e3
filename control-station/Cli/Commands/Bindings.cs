using System.CommandLine;
using System.Text.Json;
using VSan.Contracts.Api;

namespace VSan.Cli.Commands;

/// <summary>Roles with their scopes on a command line: <c>operator</c>, <c>operator@project:web</c>.</summary>
internal static class Bindings
{
    private const string Everywhere = "all";

    /// <summary>An option that takes any number of roles.</summary>
    public static Option<RoleBinding[]> Option(string name, string description) => new(name)
    {
        Description = description + " ROLE@SCOPE; without a scope it holds everywhere. Repeatable.",
        HelpName = "ROLE[@all|pool|project:NAME|unit-label:KEY=VALUE]",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => Parse(token.Value, result.AddError)).OfType<RoleBinding>()],
    };

    /// <summary>As the option takes it.</summary>
    public static string Format(RoleBinding binding) => binding.Scope == Everywhere ? Name(binding.Role) : $"{Name(binding.Role)}@{binding.Scope}";

    /// <summary>The role as people write it.</summary>
    public static string Name(Role role) => JsonNamingPolicy.KebabCaseLower.ConvertName(role.ToString());

    private static RoleBinding? Parse(string text, Action<string> refuse)
    {
        string[] parts = text.Split('@', 2);
        foreach (Role role in Enum.GetValues<Role>().Where(role => Name(role) == parts[0])) return new RoleBinding(role, parts.Length > 1 ? parts[1] : Everywhere);
        refuse($"'{parts[0]}' is not a role. Use {string.Join(", ", Enum.GetValues<Role>().Select(Name))}.");
        return null;
    }
}
