# The pack as a policy set of HCP Terraform (kind "opa"): connect the repository with the path "policies".
# https://developer.hashicorp.com/terraform/cloud-docs/workspaces/policy-enforcement/manage-policy-sets/opa-vcs

policy "behaviour-analytics" {
  description       = "Encryption, TLS, least privilege, no public access, retention, tags, no lost state, AWS FSBP"
  query             = "data.main.deny"
  enforcement_level = "mandatory"
}

policy "behaviour-analytics-not-judged" {
  description       = "What the plan does not show, so that no policy says anything of it"
  query             = "data.main.warn"
  enforcement_level = "advisory"
}
