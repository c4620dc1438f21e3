using VSan.IscsiInitiator;
namespace VSan.Tests.EndToEnd.Harness;

/// <summary>The command line tools of libiscsi.</summary>
internal static class LibIscsi
{
    public static Task<ToolRun> ListAsync(HostAccess access) =>
        RunAsync("iscsi-ls", access, $"iscsi://{access.Portal}", "--show-luns");

    public static Task<ToolRun> InquiryAsync(HostAccess access) => RunAsync("iscsi-inq", access, UrlOf(access));

    public static Task<ToolRun> ReadCapacityAsync(HostAccess access) => RunAsync("iscsi-readcapacity16", access, UrlOf(access));

    private static string UrlOf(HostAccess access) => $"iscsi://{access.Portal}/{access.Target}/{access.Lun}";

    private static Task<ToolRun> RunAsync(string tool, HostAccess access, string url, params string[] options)
    {
        Dictionary<string, string> environment = [];
        if (access.ChapUser is not null)
        {
            environment["LIBISCSI_CHAP_USERNAME"] = access.ChapUser;
            environment["LIBISCSI_CHAP_PASSWORD"] = access.ChapSecret!;
        }

        if (access.TargetChap is { } targetChap)
        {
            environment["LIBISCSI_CHAP_TARGET_USERNAME"] = targetChap.UserName;
            environment["LIBISCSI_CHAP_TARGET_PASSWORD"] = targetChap.Secret;
        }

        return ToolRun.RunAsync(tool, ["-i", access.Initiator, .. options, url], environment);
    }
}
