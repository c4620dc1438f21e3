using VSan.Contracts.Api;

namespace VSan.HostAgent.Planning;

/// <summary>What a node record of open-iscsi says of CHAP.</summary>
internal static class NodeSettings
{
    /// <summary>Names and secrets, to be read by root alone.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Secrets(ConnectLeg leg)
    {
        List<KeyValuePair<string, string>> settings =
        [
            new("node.session.auth.authmethod", "CHAP"),
            new("node.session.auth.username", leg.ChapUser),
            new("node.session.auth.password", leg.ChapSecret),
        ];
        if (leg is { TargetChapUser: { } user, TargetChapSecret: { } secret })
        {
            settings.Add(new("node.session.auth.username_in", user));
            settings.Add(new("node.session.auth.password_in", secret));
        }

        return settings;
    }
}
